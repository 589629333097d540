"""One grader of each type; an item has a `reference`."""

from typing import Any

GRADERS: dict[str, Any] = {
    "string_check": {
        "type": "string_check",
        "name": "says yes",
        "input": "{{sample.output_text}}",
        "reference": "{{item.reference}}",
        "operation": "ilike",
    },
    "text_similarity": {
        "type": "text_similarity",
        "name": "close",
        "input": "{{sample.output_text}}",
        "reference": "{{item.reference}}",
        "evaluation_metric": "fuzzy_match",
    },
    "python": {
        "type": "python",
        "name": "longer",
        "source": "def grade(sample, item):\n    return float(item['reference'] in sample['output_text'])",
        "image_tag": "2025-05-08",
    },
    "score_model": {
        "type": "score_model",
        "name": "judge",
        "model": "gpt-4o-mini-2024-07-18",
        "input": [
            {"role": "system", "content": "How alike are the two?"},
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "{{sample.output_text}}"},
                    {"type": "input_text", "text": "{{item.reference}}"},
                ],
            },
        ],
        "range": [0, 5],
        "sampling_params": {
            "seed": 1,
            "top_p": 0.9,
            "temperature": 0.5,
            "max_completions_tokens": 64,
            "reasoning_effort": "low",
        },
    },
    "label_model": {
        "type": "label_model",
        "name": "mood",
        "model": "gpt-4o-mini-2024-07-18",
        "input": [{"role": "user", "content": "{{sample.output_text}}"}],
        "labels": ["yes", "no"],
        "passing_labels": ["yes"],
    },
}
ALONE = [kind for kind in GRADERS if kind != "label_model"]


def multi(graders: dict[str, Any], formula: str) -> dict[str, Any]:
    return {"type": "multi", "name": "all", "graders": graders, "calculate_output": formula}
