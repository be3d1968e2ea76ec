/** What the player has solved, kept in the browser. A browser that keeps nothing is no error: then it is kept until the page is left. */
const KEY = 'racelab.play'

/** For each solved stage, the fewest preemptions with which the player made it fail; 0 for a fix that was seen to hold. */
export type Progress = Readonly<Record<string, number>>

let kept: Progress = read()

/** Returns what is solved so far. */
export function progress(): Progress {
  return kept
}

/** Notes that a stage was solved. What was better before stays. */
export function solved(stage: string, preemptions: number): void {
  kept = { ...kept, [stage]: Math.min(preemptions, kept[stage] ?? Infinity) }
  write((storage) => storage.setItem(KEY, JSON.stringify(kept)))
}

/** Forgets all that was solved. */
export function forget(): void {
  kept = {}
  write((storage) => storage.removeItem(KEY))
}

function read(): Progress {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    const entries = Object.entries(Object(found) as object).filter(
      (entry): entry is [string, number] => Number.isInteger(entry[1]) && Number(entry[1]) >= 0,
    )
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}

function write(change: (storage: Storage) => void): void {
  try {
    change(localStorage)
  } catch {
    // Storage is full, or forbidden here.
  }
}
