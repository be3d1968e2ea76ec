/**
 * A search in parts, which several threads can share. The first part is the whole search. A part that has taken some thousand
 * steps is interrupted, and what is left of it becomes further parts (frontier.ts), so a small search is one part.
 *
 * The result does not depend on the number of threads: parts are numbered and merged in one order, what comes of a part depends on
 * nothing but the part and what the parts before it have learnt, and the failure of the part with the least number counts. Where
 * more than that would matter (a part fails, an assumption proves wrong, an error is thrown), this thread searches the part itself,
 * after all parts before it.
 */
import { contradict, learntTogether } from '../../model/learnt.ts'
import type { Learnt } from '../../model/learnt.ts'
import type { Schedule } from '../../model/schedule.ts'
import type { ControlledScenario } from '../../subject/controlled-scenario.ts'
import type { Bounds } from '../options.ts'
import type { Pace } from '../pace.ts'
import { concluded, nothingEarlier, recordAgain, stoppedFor } from '../search.ts'
import type { Midway } from '../search.ts'
import { added, emptyTally, ofBothParts } from '../tally.ts'
import type { Tally } from '../tally.ts'
import { Frontier } from './frontier.ts'
import { NO_HELPERS } from './helpers.ts'
import type { Helpers, Reported } from './helpers.ts'
import { dependsOnThread, reportOf, searchPart } from './search-part.ts'
import type { PartBounds, PartReport, PartTask, SearchedPart } from './search-part.ts'

/** The number of steps of a part. A step costs about as much in any scenario, a schedule does not. A covered call costs more. */
const MOST = 80_000
const MOST_COVERED = 20_000

export interface PartsOptions {
  readonly midway?: Midway | undefined
  readonly helpers?: Helpers | undefined
  /** Tests alone set another number. */
  readonly most?: number
}

/** Searches as `search` does, by reduction or under a bound on preemptions, and returns the tally. */
export function searchInParts(
  controlled: ControlledScenario,
  bounds: Bounds,
  allFailures: boolean,
  pace: Pace,
  options: PartsOptions = {},
): Tally {
  const { before } = pace
  for (;;) {
    const tally = new SearchInParts(controlled, bounds, allFailures, pace, options).run()
    pace.before = before
    if (typeof tally !== 'string') return tally
    controlled.engine.startOver()
  }
}

/** How the search of all parts ends. */
type End = Tally | 'misjudged'

class SearchInParts {
  readonly #controlled: ControlledScenario
  readonly #partBounds: PartBounds
  readonly #pace: Pace
  readonly #before: Tally | undefined
  readonly #midway: Midway | undefined
  readonly #frontier = new Frontier()
  /** By number, the reports on parts that are not merged yet. */
  readonly #reports = new Map<number, PartReport | 'again'>()
  /** The parts that other threads are searching. */
  readonly #given = new Set<number>()
  #helpers: Helpers
  #hasBegun = false
  /** Whether this thread searches all parts from now on, because what comes of them depends on more than the parts. */
  #isAlone: boolean
  /** The part that this thread is searching, and whether that has become needless. */
  #current: number | undefined
  #isNeedless = false
  #total = emptyTally()
  #learnt: Learnt
  #extraSteps = nothingEarlier().extraSteps
  #end: End | undefined

  constructor(
    controlled: ControlledScenario,
    bounds: Bounds,
    allFailures: boolean,
    pace: Pace,
    { midway, helpers = NO_HELPERS, most }: PartsOptions,
  ) {
    const { coverage } = controlled.engine
    this.#controlled = controlled
    const steps = most ?? (coverage.isActive ? MOST_COVERED : MOST)
    this.#partBounds = { bounds, allFailures, scope: coverage.scope, most: steps }
    this.#pace = pace
    this.#before = pace.before
    this.#midway = midway
    this.#helpers = helpers
    this.#learnt = controlled.engine.learnt
    // An actor may come to a loop before its first step.
    this.#isAlone = dependsOnThread(controlled)
  }

  run(): End {
    const { bounds, allFailures } = this.#partBounds
    while (this.#end === undefined) {
      this.#tend()
      const number = this.#next()
      if (number === undefined) this.#end = concluded(this.#total, bounds, allFailures)
      else this.#searchHere(number)
    }
    // An assumption that has proved wrong is known to the engine alone.
    if (typeof this.#end !== 'string') this.#controlled.engine.recall(this.#learnt)
    return this.#end
  }

  /** Hears what the other threads report, merges what can be merged, and gives them further parts. */
  #tend(): void {
    // Before, they may do something else.
    for (const [number, report] of this.#hasBegun ? this.#helpers.reports() : [])
      if (
        this.#given.delete(number) &&
        number >= this.#frontier.merged &&
        isOfPart(report) &&
        this.#isNew(number, report)
      )
        this.#reports.set(number, report)
    while (this.#mergeReport());
    if (this.#hasBegun) this.#giveParts()
  }

  /** Whether a report says more than what this thread is finding out. */
  #isNew(number: number, report: PartReport | 'again'): boolean {
    return number !== this.#current || this.#canMerge(report)
  }

  /** Whether what comes of a part is the same here. */
  #canMerge(report: PartReport | 'again' | undefined): report is PartReport {
    return report !== undefined && report !== 'again' && !contradict(this.#learnt, report.learnt)
  }

  #giveParts(): void {
    const end = Math.min(this.#frontier.count, this.#failing())
    for (let number = this.#frontier.merged; number < end; number++) {
      if (this.#given.has(number) || this.#reports.has(number) || number === this.#current) continue
      if (!this.#helpers.give(this.#taskOf(number))) return
      this.#given.add(number)
    }
  }

  #taskOf(number: number): PartTask {
    return { number, part: this.#frontier.partOf(number), learnt: this.#learnt }
  }

  /** The least number of a part that has been found to fail: those after it need not be searched. */
  #failing(): number {
    let least = Infinity
    if (this.#partBounds.allFailures) return least
    for (const [number, report] of this.#reports)
      if (report !== 'again' && report.failing.length > 0) least = Math.min(least, number)
    return least
  }

  /**
   * Returns the part that this thread searches now; undefined if none is left. If the other threads are searching all that is left,
   * it is the first of theirs: one of them may never come to an end of it, or may have ended.
   */
  #next(): number | undefined {
    const { merged, count } = this.#frontier
    if (merged === count) return undefined
    if (this.#reports.has(merged)) return merged
    const end = Math.min(count, this.#failing())
    for (let number = merged; number < end; number++)
      if (!this.#given.has(number) && !this.#reports.has(number)) return number
    for (let number = merged; number < end; number++) if (!this.#reports.has(number)) return number
    throw new Error('every part has a report, and none is merged')
  }

  /** Merges the next part if there is a report on it that can be merged; returns whether it has done so. */
  #mergeReport(): boolean {
    const number = this.#frontier.merged
    const report = this.#reports.get(number)
    // Its search on this thread, which has become needless, must end first.
    if (number === this.#current) return false
    if (!this.#canMerge(report)) return false
    const { failing, isOver } = report
    if (!isOver) return false
    if (failing.length > 0 && (this.#current !== undefined || !this.#partBounds.allFailures)) return false
    this.#merge(report)
    this.#recordAgain(failing)
    return true
  }

  #merge({ tally, learnt, wishes, rest }: SearchedPart): void {
    this.#reports.delete(this.#frontier.merged)
    this.#total = ofBothParts(this.#total, tally)
    this.#learnt = learntTogether(this.#learnt, learnt)
    this.#frontier.merge(wishes, rest)
  }

  /** Takes failing schedules that another thread has found, and records their failures. Not while this thread searches a part. */
  #recordAgain(failing: readonly Schedule[]): void {
    if (failing.length === 0) return
    const { engine } = this.#controlled
    engine.startAfresh(this.#learnt)
    for (const schedule of failing) recordAgain(this.#total, this.#controlled, schedule, this.#partBounds.allFailures)
  }

  /** Searches a part on this thread. If all parts before it are merged, what comes of it holds; else it is a report as others. */
  #searchHere(number: number): void {
    const isNext = number === this.#frontier.merged
    const searched = this.#search(number, isNext)
    if (this.#isNeedless) return
    if (typeof searched === 'string') {
      if (!isNext) this.#reports.set(number, 'again')
      else this.#end = searched as End
    } else if (!searched.isOver && (isNext || !this.#hasFailed(searched.tally)))
      this.#end = this.#stopped(number, searched)
    else if (!isNext) this.#reports.set(number, dependsOnThread(this.#controlled) ? 'again' : reportOf(searched))
    else {
      this.#merge(searched)
      this.#considerHelpers()
    }
  }

  /** Whether a failure ends a search with this tally. */
  #hasFailed({ found }: Tally): boolean {
    return !this.#partBounds.allFailures && found.size > 0
  }

  #search(number: number, isNext: boolean): SearchedPart | 'misjudged' | 'again' {
    const { found, races } = this.#total
    this.#pace.before = this.#before === undefined ? this.#total : added(this.#before, this.#total)
    this.#reports.delete(number)
    this.#current = number
    this.#isNeedless = false
    const earlier = isNext ? { found, races, extraSteps: this.#extraSteps } : { ...nothingEarlier(), extraSteps: 0 }
    const task = this.#taskOf(number)
    try {
      return searchPart(this.#controlled, task, this.#partBounds, {
        pace: this.#pace,
        midway: this.#between(),
        earlier,
        isAlone: this.#isAlone,
      })
    } catch (error) {
      if (isNext) throw error
      return 'again'
    } finally {
      this.#current = undefined
      if (isNext) this.#extraSteps = earlier.extraSteps
      // What this part has shown of contracts counts once it is its turn: it must come as a surprise again.
      else this.#controlled.engine.adopt(this.#partBounds.scope)
    }
  }

  /** What this thread does between two schedules. */
  #between(): Midway {
    const midway = this.#midway
    const tend = (): boolean => {
      this.#tend()
      return (this.#isNeedless = this.#reports.has(this.#current!) || this.#current! > this.#failing())
    }
    return {
      get isDue() {
        return tend() || midway?.isDue === true
      },
      look: (tally) => !this.#isNeedless && this.#look(midway!, tally),
    }
  }

  /** Looks ahead with the tally of all parts. Until that has been done, the pace must not add those before this part to it. */
  #look(midway: Midway, tally: Tally): boolean {
    const { before } = this.#pace
    this.#pace.before = this.#before
    const goesOn = midway.look(ofBothParts(this.#total, tally), () => this.#tend())
    this.#pace.before = before
    return goesOn
  }

  /** Lets other threads help once the search turns out not to be small, and as long as parts depend on nothing else. */
  #considerHelpers(): void {
    this.#isAlone ||= dependsOnThread(this.#controlled) || this.#hasFailed(this.#total)
    if (this.#isAlone) {
      this.#helpers.end()
      this.#helpers = NO_HELPERS
      this.#given.clear()
      this.#reports.clear()
    } else if (!this.#hasBegun && this.#frontier.count > this.#frontier.merged && this.#helpers.areFree) {
      this.#helpers.begin(this.#partBounds)
      this.#hasBegun = true
    }
  }

  /** Returns the tally of a search that ends with this part, because a schedule failed or there is a reason to stop. */
  #stopped(number: number, { tally, learnt }: SearchedPart): Tally {
    const { allFailures } = this.#partBounds
    this.#total = ofBothParts(this.#total, tally)
    this.#learnt = learntTogether(this.#learnt, learnt)
    if (this.#hasFailed(this.#total)) this.#helpers.end()
    else this.#countOthers(number)
    return stoppedFor(this.#total, allFailures, tally.stopped ?? '')
  }

  /** Counts what the other threads have seen so far, though the parts before have not come to their end. */
  #countOthers(number: number): void {
    const reports = this.#hasBegun ? this.#helpers.halt() : []
    const last = reports.filter(([each]) => this.#given.has(each) && each !== number)
    const seen = [...this.#reports, ...last].toSorted(([one], [other]) => one - other)
    for (const [, report] of seen) {
      if (report === 'again' || !isOfPart(report)) continue
      this.#total = ofBothParts(this.#total, report.tally)
      if (this.#partBounds.allFailures || this.#total.found.size === 0) this.#recordAgain(report.failing)
    }
  }
}

function isOfPart(report: Reported[1]): report is PartReport | 'again' {
  return report === 'again' || 'isOver' in report
}
