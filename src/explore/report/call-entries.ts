/**
 * What a call did, word by word: what it changed, what it read of the words that decide what comes of it all, and whether it
 * slept. A lost update is in what was read, and in the write of a value that was there.
 */
import type { RecordedStep } from '../replay/recording.ts'
import type { Folded } from './folding.ts'
import { stepText } from './step-text.ts'

/** One line about a call. */
export interface Entry {
  readonly text: string
  /** The word that the text begins with. */
  readonly place?: string
  /** The step that it tells of. */
  readonly step: RecordedStep
  readonly position: number
}

export interface CallEntries {
  readonly entries: readonly Entry[]
  /** How many more words it changed. */
  readonly left: number
  /** How many of the words that decide it read with the values that the same actor had read before. */
  readonly asBefore: number
}

/** A call that touches no more words than this is told in full, where there is room. */
const FEW = 3
/** How many lines a call gets. */
const MOST = 8

/** The words that an actor changed and another one looks at, by their names: on these the actors depend on each other. */
export function contestedWords(steps: readonly RecordedStep[]): ReadonlySet<string> {
  const actors = new Map<string, Set<number>>()
  const changed = new Set<string>()
  for (const { place, actor, before, after } of steps) {
    const seen = actors.get(place) ?? new Set()
    actors.set(place, seen.add(actor))
    if (before !== after) changed.add(place)
  }
  return new Set([...changed].filter((place) => (actors.get(place)?.size ?? 0) > 1))
}

/** Tells of the steps of one recording, in their order: what an actor was told of before need not be told again. */
export class CallTeller {
  readonly #actors: readonly string[]
  readonly #contested: ReadonlySet<string>
  readonly #terse: boolean
  /** For each actor, the value of each word when it was last told of it. */
  readonly #known = new Map<number, Map<string, string>>()
  /** The actor whose turn it is, and the words that it was told of in this turn: no other can have changed them. */
  #turn = -1
  #inTurn = new Set<string>()

  /** `terse`: only what decides, for a schedule with many calls. */
  constructor(actors: readonly string[], contested: ReadonlySet<string>, terse: boolean) {
    this.#actors = actors
    this.#contested = contested
    this.#terse = terse
  }

  /** An access that is told by itself. */
  note({ actor, place, after }: RecordedStep): void {
    this.#knownTo(actor).set(place, after)
    this.#inTurn.add(place)
  }

  tell({ actor, steps, position }: Folded): CallEntries {
    const known = this.#knownTo(actor)
    const words = wordsOf(steps)
    const told = words.filter((word) => this.#isTold(word, words.length) && !isPutBack(word))
    const isSame = ({ place, wrote, first }: Word): boolean => !wrote && known.get(place) === first.before
    const asBefore = told.filter(isSame)
    const fresh = told.filter((word) => !isSame(word) || (asBefore.length === 1 && !this.#inTurn.has(word.place)))
    const shown = this.#decisive(fresh)
    const entries = [
      ...wordEntries(
        fresh.filter((word) => shown.has(word)),
        steps,
        position,
      ),
      ...sleepEntries(steps, position, this.#actors),
    ]
    for (const { place, last } of told) this.note({ ...last, place })
    return {
      entries: withShortNames(entries.toSorted((one, other) => one.position - other.position)),
      left: fresh.length - shown.size,
      asBefore: asBefore.length > 1 ? told.length - fresh.length : 0,
    }
  }

  #knownTo(actor: number): Map<string, string> {
    if (actor !== this.#turn) this.#inTurn.clear()
    this.#turn = actor
    const known = this.#known.get(actor) ?? new Map<string, string>()
    this.#known.set(actor, known)
    return known
  }

  #isTold({ place, wrote, first, last }: Word, words: number): boolean {
    if (this.#contested.has(place)) return true
    if (wrote && first.before !== last.after) return true
    return !this.#terse && words <= FEW
  }

  /** As many as go into the table, those that decide first. */
  #decisive(words: readonly Word[]): Set<Word> {
    const isContested = ({ place }: Word): boolean => this.#contested.has(place)
    const contested = words.filter(isContested)
    const others = words.filter((word) => !isContested(word))
    const isTooMuch = this.#terse && contested.length + others.length > FEW
    return new Set([...contested, ...(isTooMuch ? [] : others)].slice(0, MOST))
  }
}

interface Word {
  readonly place: string
  readonly first: RecordedStep
  /** The last write, if there was one. */
  last: RecordedStep
  wrote: boolean
  /** Whether a write changed it, be it only for a while. */
  changed: boolean
}

function wordsOf(steps: readonly RecordedStep[]): Word[] {
  const words = new Map<string, Word>()
  for (const step of steps) {
    if (isAboutSleep(step)) continue
    const word = words.get(step.place) ?? { place: step.place, first: step, last: step, wrote: false, changed: false }
    words.set(step.place, word)
    if (!step.writes || isNoChange(step)) continue
    word.last = step
    word.wrote = true
    word.changed ||= step.before !== step.after
  }
  return [...words.values()]
}

/** What puts the same value in place of the one that it finds, in one step, can lose none: it only reads. */
function isNoChange(step: RecordedStep): boolean {
  return step.before === step.after && !isBlindWrite(step)
}

/** Whether it wrote without reading in the same step. */
export function isBlindWrite({ action }: RecordedStep): boolean {
  return action === 'store' || action === 'write' || action === 'write bytes'
}

/** A lock that was taken and given back: while the call ran, no other actor came by. */
function isPutBack({ first, last, wrote, changed }: Word): boolean {
  return wrote && changed && first.before === last.after
}

function isAboutSleep({ action }: RecordedStep): boolean {
  return action === 'wait' || action === 'timeout' || action === 'notify'
}

function wordEntries(words: readonly Word[], steps: readonly RecordedStep[], position: number): Entry[] {
  return words.map(({ place, first, last, wrote }): Entry => {
    const step = wrote ? last : first
    const text = wrote ? ` ${first.before} → ${last.after}` : ` = ${first.before}`
    return { text: `${place}${text}`, place, step, position: position + steps.indexOf(step) }
  })
}

function withShortNames(entries: readonly Entry[]): Entry[] {
  return entries.map((entry, index) => {
    const { place, text } = entry
    if (place === undefined) return entry
    return { ...entry, text: withoutPrefix(place, entries[index - 1]?.place) + text.slice(place.length) }
  })
}

/** After `session[0].version`, `session[0].control` is `.control`. */
export function withoutPrefix(name: string, before: string | undefined): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && before?.lastIndexOf('.') === dot && before.startsWith(name.slice(0, dot)) ? name.slice(dot) : name
}

/** Sleeps, the ends of sleeps, and the waking of others. To notify when no actor sleeps does nothing. */
function sleepEntries(steps: readonly RecordedStep[], position: number, actors: readonly string[]): Entry[] {
  return steps.flatMap((step, index): Entry[] => {
    if (!isAboutSleep(step) || (step.action === 'notify' && step.woken.length === 0)) return []
    return [{ text: stepText(step, actors), step, position: position + index }]
  })
}
