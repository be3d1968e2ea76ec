/** Divides a width among columns. */

/**
 * How much each of those that want `wanted` gets of `total`. None gets more than it wants; those that have to do with less
 * all get the same.
 */
export function shares(wanted: readonly number[], total: number): number[] {
  const given = wanted.map(() => 0)
  let left = total
  // The most modest first: what it leaves is there for the others.
  const order = wanted.map((_, index) => index).toSorted((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0))
  for (const [done, index] of order.entries()) {
    const share = Math.min(wanted[index] ?? 0, Math.floor(left / (order.length - done)))
    given[index] = share
    left -= share
  }
  return given
}
