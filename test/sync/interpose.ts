/**
 * Runs an act between two memory accesses of a subject, on one thread, and repeats that for every pair of accesses. If a single
 * switch is enough to show a fault, this finds it for certain, where real threads would hit it once in a million runs. The explorer
 * does the same for any number of switches.
 */
const NAMES = ['load', 'store', 'add', 'sub', 'and', 'or', 'exchange', 'compareExchange', 'wait', 'notify'] as const
type Access = (...operands: unknown[]) => unknown
const atomics = Atomics as unknown as Record<(typeof NAMES)[number], Access>

/** The place just before the subject sleeps. It is the last place: no other thread could run the act after it. */
export const ASLEEP = Infinity

/**
 * Runs the subject, with the act just before its access number `place`, or before it sleeps if that comes first. If the act returns
 * false it was not possible there, and it is tried again before the next access. Returns how many accesses the subject made. Throws
 * if the subject sleeps after the act until its time is up, because then it has missed what the act did.
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

/** Runs a case at every place. `run` makes a new subject and act each time, and returns how many accesses the subject made. */
export function everywhere(run: (place: number) => number): void {
  for (let place = 0; place < run(place); place++);
}

/** Returns the index of the word of each Atomics.notify that `during` calls. */
export function notifications(during: () => void): number[] {
  const notified: number[] = []
  hooked((name, index) => {
    if (name === 'notify') notified.push(index)
  }, during)
  return notified
}

/** Runs the act until it would sleep, and ends it there. Returns the index of the word at which it would sleep, if it would. */
export function untilAsleep(act: () => void): number | undefined {
  const asleep = new Error('Asleep')
  let sleepsAt: number | undefined
  try {
    hooked((name, index) => {
      if (name !== 'wait') return
      sleepsAt = index
      throw asleep
    }, act)
  } catch (thrown) {
    if (thrown !== asleep) throw thrown
  }
  return sleepsAt
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
