/** Keeps a report below a megabyte: if there is much to show, it shows less of each. */
import type { Detail } from '../../html/explored.tsx'

/** The largest size of a report, in bytes. */
export const MOST_BYTES = 1_000_000
/** What is tried, one after the other. */
const DETAILS: readonly Detail[] = [
  { rows: 300, failures: 60 },
  { rows: 120, failures: 60 },
  { rows: 40, failures: 30 },
  { rows: 12, failures: 10 },
  { rows: 0, failures: 2 },
]

/** Returns the first that `make` makes and that is small enough; the last if none is. */
export function fitting(make: (detail: Detail) => string): string {
  let text = ''
  for (const detail of DETAILS) {
    text = make(detail)
    if (Buffer.byteLength(text) < MOST_BYTES) break
  }
  return text
}
