"""Graders to begin with. They expect that the items of the training file have a reference."""

STARTERS = {
    "Exact answer": {
        "type": "string_check",
        "name": "exact",
        "input": "{{sample.output_text}}",
        "reference": "{{item.reference}}",
        "operation": "eq",
    },
    "Similar text": {
        "type": "text_similarity",
        "name": "similar",
        "input": "{{sample.output_text}}",
        "reference": "{{item.reference}}",
        "evaluation_metric": "fuzzy_match",
    },
    "Python": {
        "type": "python",
        "name": "python",
        "source": "def grade(sample, item):\n    return float(item['reference'] in sample['output_text'])",
    },
    "Several, weighted": {
        "type": "multi",
        "name": "weighted",
        "graders": {
            "exact": {
                "type": "string_check",
                "name": "exact",
                "input": "{{sample.output_text}}",
                "reference": "{{item.reference}}",
                "operation": "eq",
            },
            "similar": {
                "type": "text_similarity",
                "name": "similar",
                "input": "{{sample.output_text}}",
                "reference": "{{item.reference}}",
                "evaluation_metric": "rouge_l",
            },
        },
        "calculate_output": "0.5 * exact + 0.5 * similar",
    },
}
