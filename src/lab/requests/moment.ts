/** Waiting for something to happen, and for each other: by events, never by time. */

/** Something that happens once. */
export interface Moment {
  readonly come: Promise<void>
  readonly happen: () => void
}

export function moment(): Moment {
  let happen!: () => void
  const come = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { come, happen }
}

/** A place where so many wait for each other: each calls it, and goes on once all have. */
export function meetingOf(count: number): () => Promise<void> {
  const all = moment()
  let arrived = 0
  return () => {
    if (++arrived === count) all.happen()
    return all.come
  }
}
