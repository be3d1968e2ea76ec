/** Raises a word that several agents raise. */

/** Makes the word at `at` at least `least`, in one step. It writes nothing if the word is that large already. */
export function raiseTo(words: Int32Array, at: number, least: number): void {
  let seen = Atomics.load(words, at)
  while (seen < least) {
    const before = Atomics.compareExchange(words, at, seen, least)
    if (before === seen) return
    seen = before
  }
}
