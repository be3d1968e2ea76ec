/** Events that order requests, so that no request waits for a time. */

/** An event that happens once. `happened` resolves when `happen` is called. */
export interface OneTimeEvent {
  readonly happened: Promise<void>
  readonly happen: () => void
}

/** Returns an event that has not happened yet. */
export function oneTimeEvent(): OneTimeEvent {
  let happen!: () => void
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happened, happen }
}

/** Returns a function that resolves for all of its callers once `count` callers have called it. */
export function rendezvous(count: number): () => Promise<void> {
  const all = oneTimeEvent()
  let arrived = 0
  return () => {
    if (++arrived === count) all.happen()
    return all.happened
  }
}
