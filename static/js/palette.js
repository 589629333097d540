// The look of lines: the page's own tokens, by what a trace says of itself. Shared by cards, legends and files.

const TOKENS = ["paper", "raised", "line", "line-strong", "ink", "ink-2", "ink-3", "sunken", "accent", "good"];
const ROLES = ["train", "valid", "full", "other"];
const HUES = ["blue", "orange", "green", "purple", "red", "teal", "gold", "grey"];
const DASHES = { train: "solid", valid: "dot", full: "solid", other: "solid" };
const OTHER_DASHES = ["solid", "dash", "dot", "dashdot"];
const WIDTHS = { train: 1.25, valid: 1.5, full: 2.25, other: 1.75 };

/** These tokens as the page wears them now; a probe resolves what light-dark() leaves open. */
export function worn(names, prefix = "") {
  const probe = document.body.appendChild(document.createElement("i"));
  const found = names.map((name) => {
    probe.style.color = `var(--${prefix}${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

export const tokens = () => ({ ...worn(TOKENS), ...worn([...ROLES, ...HUES], "chart-") });

/** Colour, dash and width of each of these lines. One line of a role wears the role's colour; where several
    do, what they are about has a colour, and the role its dash: a line of training is the thinnest. */
export function looks(traces, color) {
  const roles = traces.map(({ meta }) => meta.role);
  const isPlain = new Set(roles).size === roles.length;
  const groups = [...new Set(traces.map(({ meta }) => meta.group))];
  return new Map(traces.map(({ name, meta }) => {
    const place = groups.indexOf(meta.group);
    const isOther = meta.role === "other";
    return [name, {
      color: isPlain ? color[meta.role] : color[HUES[place % HUES.length]],
      dash: isOther && !isPlain ? OTHER_DASHES[Math.floor(place / HUES.length) % 4] : DASHES[meta.role],
      width: WIDTHS[meta.role],
    }];
  }));
}
