/**
 * Puts one act between two accesses to memory of a subject, on one thread: at every place, one after the other. That finds
 * what real threads hit once in a million runs, if a single switch is enough; the explorer does it for any number of them.
 */
const NAMES = ['load', 'store', 'add', 'sub', 'and', 'or', 'exchange', 'compareExchange', 'wait', 'notify'] as const
type Access = (...operands: unknown[]) => unknown
const atomics = Atomics as unknown as Record<(typeof NAMES)[number], Access>

/** The place just before a sleep: no other comes after it, for then nobody would be there to act. */
export const ASLEEP = Infinity

/**
 * Runs the subject with the act just before its access number `place`, or before it sleeps if that is earlier. An act that
 * returns false was not possible there, and is tried again before the next access. Returns how many accesses the subject made.
 * Throws when the subject sleeps after the act until its time is up: it has missed what the act did.
 */
export function interposed(place: number, subject: () => void, act: () => boolean | void): number {
  let accesses = 0
  let acted = false
  const beforeAccess = (name: string): void => {
    if (acted || (accesses++ < place && name !== 'wait')) return
    acted = true
    if (act() === false) acted = false
  }
  hooked(beforeAccess, subject, (slept) => {
    if (acted && slept === 'timed-out') throw new Error(`Slept on after an act before access ${place}`)
  })
  return accesses
}

/** Runs a case, which makes a new subject and act, at every place. */
export function everywhere(run: (place: number) => number): void {
  for (let place = 0; place < run(place); place++);
}

/** The indices of the words at which somebody is notified meanwhile. */
export function notifications(during: () => void): number[] {
  const notified: number[] = []
  hooked((name, index) => {
    if (name === 'notify') notified.push(index)
  }, during)
  return notified
}

/** Does something until it would sleep, and leaves it there; returns the index of the word it sleeps at, if it came to that. */
export function untilAsleep(act: () => void): number | undefined {
  const asleep = new Error('Asleep')
  let bed: number | undefined
  try {
    hooked((name, index) => {
      if (name !== 'wait') return
      bed = index
      throw asleep
    }, act)
  } catch (thrown) {
    if (thrown !== asleep) throw thrown
  }
  return bed
}

function hooked(
  before: (name: string, index: number) => void,
  during: () => void,
  after = (_result: unknown) => {},
): void {
  const originals = NAMES.map((name) => [name, atomics[name]] as const)
  for (const [name, original] of originals) {
    atomics[name] = (...operands) => {
      before(name, Number(operands[1]))
      const result = original(...operands)
      after(result)
      return result
    }
  }
  try {
    during()
  } finally {
    for (const [name, original] of originals) atomics[name] = original
  }
}
