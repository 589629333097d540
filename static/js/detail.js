// The part of a long chart that the reader looks at, read with more of its points than the whole has.

import { isZoomed } from "./view.js";
import { lastStep, lines, read, refined } from "./wire.js";

export class Detail {
  constructor(url) {
    this.url = url;
  }

  /** The message, with more points where the reader has zoomed into a line that is thinned. */
  async of(message, choice) {
    if (!isZoomed(choice) || !lines(message).some(({ outlined }) => outlined)) return message;
    const [from, to] = [choice.from ?? 0, choice.to ?? lastStep(message)];
    const address = `${this.url}?after=${from - 1}&until=${to}`;
    if (this.address !== address) [this.address, this.part] = [address, await read(address)];
    return refined(message, this.part, from, to);
  }
}
