/** Numbers as text. */

/** Returns a number rounded to a whole one, with separators: 1234567 → 1,234,567. */
export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en-US')
}

/** Returns a number with two or three significant digits; from 100 on, as a whole number. */
export function short(figure: number): string {
  return figure >= 100 ? whole(figure) : figure.toPrecision(figure >= 10 ? 3 : 2)
}
