/** Keeps a report below a megabyte: if there is much to show, its diagrams have fewer rows. */

/** The largest size of a report, in bytes. */
export const MOST_BYTES = 1_000_000
/** How many rows a diagram may have at most, from the first that is tried; 0 for no diagrams. */
const ROWS = [300, 120, 40, 12, 0]

/** Returns what `make` makes with as many rows a diagram as fit. Without diagrams a report may be larger. */
export function fitting(make: (most: number) => string): string {
  let text = ''
  for (const most of ROWS) {
    text = make(most)
    if (Buffer.byteLength(text) < MOST_BYTES) break
  }
  return text
}
