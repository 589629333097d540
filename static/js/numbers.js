// What is reckoned from the points of a line before it is drawn. Nothing here knows a page.

const PADDING = 0.05; // of the height, above and below
const OUTER = 0.02; // of the points, at either end, that are outliers

/** The exponential moving average, without its pull towards zero at the beginning. */
export function smoothed(values, weight) {
  let [sum, mass] = [0, 0];
  return Float64Array.from(values, (value) => {
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + 1 - weight;
    return sum / mass;
  });
}

/** From where to where the values reach, on this scale and with some air; without outliers where they are to be ignored. */
export function reach(lists, isLog, ignoresOutliers) {
  const scale = isLog ? Math.log10 : (value) => value;
  const values = Float64Array.from(lists.flatMap((list) => Array.from(list)).filter((value) => !isLog || value > 0)).sort();
  if (!values.length) return null;
  const skipped = ignoresOutliers ? Math.floor(OUTER * values.length) : 0;
  const [low, high] = [scale(values[skipped]), scale(values[values.length - 1 - skipped])];
  const air = (high - low) * PADDING || Math.abs(high) * PADDING || 1;
  return [low - air, high + air];
}

/** The first index whose step is not less than this one. */
export function place(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function concat(...parts) {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
