/**
 * Summarises what a call did, word by word: the words that it changed, the contested words that it read, and whether it
 * slept. A lost update shows in what was read, and in a write of the value that was there, so these are not left out.
 */
import type { RecordedStep } from '../replay/recording.ts'
import type { Folded } from './folding.ts'
import { isEvent, stepText } from './step-text.ts'

/** One line of the summary of a call. */
export interface Entry {
  readonly text: string
  /** The name of the word with which the text begins. */
  readonly location?: string
  /** The step that it describes, and the step's position in the schedule. */
  readonly step: RecordedStep
  readonly position: number
}

/** The summary of a call. */
export interface CallEntries {
  readonly entries: readonly Entry[]
  /** How many further words of the call have no line. */
  readonly left: number
  /** How many words the call only read, with values that the same actor knew already; 0 if it is only one word. */
  readonly asBefore: number
}

/** A call that touches at most this number of words is shown in full, unless the table must be short. */
const FEW = 3
/** The largest number of lines for a call. */
const MOST = 8

/** Returns the names of the contested words: those that an actor changed and that another actor accessed too. */
export function contestedWords(steps: readonly RecordedStep[]): ReadonlySet<string> {
  const actors = new Map<string, Set<number>>()
  const changed = new Set<string>()
  for (const { location, actor, before, after } of steps) {
    const users = actors.get(location) ?? new Set()
    actors.set(location, users.add(actor))
    if (before !== after) changed.add(location)
  }
  return new Set([...changed].filter((location) => (actors.get(location)?.size ?? 0) > 1))
}

/**
 * Summarises the calls of one recording, in the order of the schedule. It remembers what it has shown of each actor, so
 * that a value which an actor knows already is not shown again.
 */
export class CallSummaries {
  readonly #actors: readonly string[]
  readonly #contested: ReadonlySet<string>
  readonly #terse: boolean
  /** For each actor, the value of each word that it accessed when it did so last. */
  readonly #known = new Map<number, Map<string, string>>()
  /**
   * The actor whose turn it is, and the words that it accessed in this turn: no other actor can have changed them
   * since.
   */
  #turn = -1
  #inTurn = new Set<string>()

  /** `terse`: whether to show only contested words and changes, for a schedule with many calls. */
  constructor(actors: readonly string[], contested: ReadonlySet<string>, terse: boolean) {
    this.#actors = actors
    this.#contested = contested
    this.#terse = terse
  }

  /** Remembers an access that the table shows on a line of its own. */
  note({ actor, location, after }: RecordedStep): void {
    this.#knownTo(actor).set(location, after)
    this.#inTurn.add(location)
  }

  /** Returns the summary of a call. */
  summarise({ actor, steps, position }: Folded): CallEntries {
    const known = this.#knownTo(actor)
    const words = wordsOf(steps)
    const relevant = words.filter((word) => this.#isRelevant(word, words.length) && !isPutBack(word))
    const isSame = ({ location, wrote, first }: Word): boolean => !wrote && known.get(location) === first.before
    const asBefore = relevant.filter(isSame)
    const fresh = relevant.filter(
      (word) => !isSame(word) || (asBefore.length === 1 && !this.#inTurn.has(word.location)),
    )
    const shown = this.#decisive(fresh)
    const entries = [
      ...wordEntries(
        fresh.filter((word) => shown.has(word)),
        steps,
        position,
      ),
      ...sleepEntries(steps, position, this.#actors),
    ]
    for (const { location, last } of relevant) this.note({ ...last, location })
    return {
      entries: withShortNames(entries.toSorted((one, other) => one.position - other.position)),
      left: fresh.length - shown.size,
      asBefore: asBefore.length > 1 ? relevant.length - fresh.length : 0,
    }
  }

  #knownTo(actor: number): Map<string, string> {
    if (actor !== this.#turn) this.#inTurn.clear()
    this.#turn = actor
    const known = this.#known.get(actor) ?? new Map<string, string>()
    this.#known.set(actor, known)
    return known
  }

  #isRelevant({ location, wrote, first, last }: Word, words: number): boolean {
    if (this.#contested.has(location)) return true
    if (wrote && first.before !== last.after) return true
    return !this.#terse && words <= FEW
  }

  /** Returns the words that get a line: the contested ones first, up to `MOST`. */
  #decisive(words: readonly Word[]): Set<Word> {
    const isContested = ({ location }: Word): boolean => this.#contested.has(location)
    const contested = words.filter(isContested)
    const others = words.filter((word) => !isContested(word))
    const isTooMuch = this.#terse && contested.length + others.length > FEW
    return new Set([...contested, ...(isTooMuch ? [] : others)].slice(0, MOST))
  }
}

/** What a call did to one word. */
interface Word {
  readonly location: string
  readonly first: RecordedStep
  /** The last write, if there was one; else the first access. */
  last: RecordedStep
  wrote: boolean
  /** Whether a write changed its value, even if a later write changed it back. */
  changed: boolean
}

function wordsOf(steps: readonly RecordedStep[]): Word[] {
  const words = new Map<string, Word>()
  for (const step of steps) {
    if (isAboutSleep(step) || isEvent(step)) continue
    const word = words.get(step.location) ?? {
      location: step.location,
      first: step,
      last: step,
      wrote: false,
      changed: false,
    }
    words.set(step.location, word)
    if (!step.writes || isNoChange(step)) continue
    word.last = step
    word.wrote = true
    word.changed ||= step.before !== step.after
  }
  return [...words.values()]
}

/** Whether a step wrote back, atomically, the value that it found. It cannot lose an update, so it counts as a read. */
function isNoChange(step: RecordedStep): boolean {
  return step.before === step.after && !isBlindWrite(step)
}

/** Whether the step wrote without reading. */
export function isBlindWrite({ action }: RecordedStep): boolean {
  return action === 'store' || action === 'write' || action === 'write bytes'
}

/** Whether the call changed the word and changed it back, as a lock that was taken and released. */
function isPutBack({ first, last, wrote, changed }: Word): boolean {
  return wrote && changed && first.before === last.after
}

function isAboutSleep({ action }: RecordedStep): boolean {
  return action === 'wait' || action === 'timeout' || action === 'notify'
}

function wordEntries(words: readonly Word[], steps: readonly RecordedStep[], position: number): Entry[] {
  return words.map(({ location, first, last, wrote }): Entry => {
    const step = wrote ? last : first
    const text = wrote ? ` ${first.before} → ${last.after}` : ` = ${first.before}`
    return { text: `${location}${text}`, location, step, position: position + steps.indexOf(step) }
  })
}

function withShortNames(entries: readonly Entry[]): Entry[] {
  return entries.map((entry, index) => {
    const { location, text } = entry
    if (location === undefined) return entry
    return { ...entry, text: withoutPrefix(location, entries[index - 1]?.location) + text.slice(location.length) }
  })
}

/**
 * Shortens a name by what it shares with the name before it: after `session[0].version`, `session[0].control` is
 * `.control`.
 */
export function withoutPrefix(name: string, before: string | undefined): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && before?.lastIndexOf('.') === dot && before.startsWith(name.slice(0, dot)) ? name.slice(dot) : name
}

/** Returns the lines for waits, timeouts and notifies. A notify that wakes no actor has none. */
function sleepEntries(steps: readonly RecordedStep[], position: number, actors: readonly string[]): Entry[] {
  return steps.flatMap((step, index): Entry[] => {
    if (!isAboutSleep(step) || (step.action === 'notify' && step.woken.length === 0)) return []
    return [{ text: stepText(step, actors), step, position: position + index }]
  })
}
