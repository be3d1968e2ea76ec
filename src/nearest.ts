/** Suggests a known word for a misspelt one. */

/** Returns `did you mean "invariant"?` with the nearest of `words`, or a list of all of them if none is near. */
export function didYouMean(given: string, words: readonly string[]): string {
  const near = words
    .map((word) => ({ word, distance: distance(given.toLowerCase(), word.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance)[0]
  if (near !== undefined && near.distance <= Math.max(2, near.word.length / 3)) return `did you mean "${near.word}"?`
  return `${words.length > 1 ? 'there are' : 'there is'} ${words.length > 1 ? `${words.slice(0, -1).join(', ')} and ` : ''}${words.at(-1)}.`
}

/** Returns the Levenshtein distance: the least number of letters to insert, delete or replace to turn one word into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of from.split('').entries()) {
    const next = [at + 1]
    for (const [index, other] of to.split('').entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
