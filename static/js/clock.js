// When the steps of the job were made. It is asked for once, and again when the job has moved or no answer came.

let known = null;

export const forget = () => { known = null; };

async function ask(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The times of steps could not be read (${response.status}).`);
  return response.json();
}

export function clock(url) {
  known ??= ask(url);
  known.catch(forget);
  return known;
}
