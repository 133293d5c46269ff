/** States that one may go back and forth between. A state is plain data. */
export class History {
  past = [];
  future = [];

  constructor(state) {
    this.now = JSON.stringify(state);
  }

  /** Keep this state if it differs from the last one. Says whether it did. */
  keep(state) {
    const next = JSON.stringify(state);
    if (next === this.now) return false;
    this.past.push(this.now);
    this.now = next;
    this.future = [];
    return true;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return null;
    to.push(this.now);
    this.now = from.pop();
    return JSON.parse(this.now);
  }
}
