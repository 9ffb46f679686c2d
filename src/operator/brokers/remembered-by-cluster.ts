/** The most clusters that anything is remembered of. */
const most = 10_000;

/** Something of each cluster since the operator started, by the uid of the EventCluster; what is oldest is forgotten. */
export class RememberedByCluster<Value> {
  readonly #values = new Map<string, Value>();

  get(uid: string): Value | undefined {
    return this.#values.get(uid);
  }

  set(uid: string, value: Value): void {
    this.#values.delete(uid);
    this.#values.set(uid, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > most) this.#values.delete(oldest!);
  }

  delete(uid: string): void {
    this.#values.delete(uid);
  }
}
