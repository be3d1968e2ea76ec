/**
 * A walk through one schedule: forward and back, and off the schedule where another actor goes first. What the reader asks for is done in
 * turn, because the engine answers one request at a time.
 */
import type { Recording } from '../../src/explore/replay/recording.ts'
import type { Outlook, Start, Stepped } from '../../src/explore/replay/stepping.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import type { Failure } from '../../src/explore/search/result.ts'
import type { Engine } from '../engine/engine.ts'

export interface Walk {
  /** The whole schedule, as far as it is known. */
  readonly recording: Recording
  readonly end: Stepped['end']
  readonly preemptions: number
  /** Names the whole schedule in the address. */
  readonly token: string
  /** How many steps count as taken. */
  readonly position: number
  /** What each actor does next at the position; undefined until that is known. */
  readonly next?: Stepped['next'] | undefined
  /** The failure of which it is the schedule; undefined once the reader has chosen a step. */
  readonly failure?: Failure | undefined
  /** What can come of the state at the position, if the reader has asked. */
  readonly outlook?: Outlook | undefined
  /** Where the reader left the schedule that was opened: how many steps of it had been taken. */
  readonly leftAt?: number | undefined
  /** What could not be done as it was asked. */
  readonly remark?: string | undefined
}

interface Opened {
  readonly token: string
  readonly failure: Failure | undefined
}

/** More steps than this are not taken for the reader. */
const MOST_STEPS = 1000
/** More ways to go on than this are not run when the reader asks: the answer comes within seconds. */
const MOST_WAYS = 500

export class Walking {
  #walk: Walk | undefined
  #start: Start = {}
  #opened: Opened | undefined
  #line: Promise<unknown> = Promise.resolve()
  #isClosed = false
  readonly #engine: Engine
  readonly #scenario: string
  readonly #show: (walk: Walk) => void
  readonly #fail: (error: unknown) => void

  constructor(engine: Engine, scenario: string, show: (walk: Walk) => void, fail: (error: unknown) => void) {
    this.#engine = engine
    this.#scenario = scenario
    this.#show = show
    this.#fail = fail
  }

  /** Opens the schedule of a token, at a step; at its end if none is given. */
  open(token: string, failure?: Failure, step?: number): void {
    this.#inTurn(async () => {
      const { schedule, client, seed } = decodeToken(token)
      this.#start = client === undefined ? { seed } : { client, seed }
      this.#opened = { token, failure }
      const stepped = await this.#step(schedule)
      const taken = stepped.recording.steps.length
      const remark =
        taken < schedule.length ? `Of the ${schedule.length} steps, only ${taken} can be taken.` : undefined
      await this.#arrive(stepped, Math.min(step ?? taken, taken), { failure, remark })
    })
  }

  /** Begins in front of the first step. */
  begin(): void {
    this.#inTurn(async () => {
      this.#start = {}
      await this.#arrive(await this.#step([]), 0, {})
    })
  }

  /** Goes to a position of the schedule. */
  goTo(position: number): void {
    const at = this.#moveTo(position)
    if (at !== undefined) this.#inTurn(() => this.#lookAhead(at))
  }

  /** Goes forward, or back if `steps` is negative. It counts from where the walk is now, which may not be drawn yet. */
  goBy(steps: number): void {
    if (this.#walk !== undefined) this.goTo(this.#walk.position + steps)
  }

  /** Lets an actor take the next step, and leaves the schedule if that is another one's. */
  take(actor: number): void {
    this.#inTurn(async () => {
      const walk = this.#walk
      if (walk?.next?.[actor]?.isEnabled !== true) return
      const { recording, position, leftAt } = walk
      if (recording.steps[position]?.actor === actor) return this.#lookAhead(this.#moveTo(position + 1)!)
      const schedule = recording.steps.slice(0, position).map((step) => step.actor)
      const stepped = await this.#step([...schedule, actor])
      await this.#arrive(stepped, position + 1, { leftAt: leftAt ?? position })
    })
  }

  /** Lets the actors go on to the end, with as few changes between them as can be. */
  finish(): void {
    const walk = this.#walk
    if (walk === undefined) return
    this.#inTurn(async () => {
      const schedule = walk.recording.steps.slice(0, walk.position).map((step) => step.actor)
      let stepped = await this.#step(schedule)
      while (stepped.end === null && schedule.length < MOST_STEPS) {
        const last = schedule.at(-1) ?? 0
        const goesOn = stepped.next[last]?.isEnabled === true
        schedule.push(goesOn ? last : stepped.next.findIndex((next) => next?.isEnabled === true))
        stepped = await this.#step(schedule)
      }
      const remark = stepped.end === null ? `After ${MOST_STEPS} steps it has not ended.` : undefined
      await this.#arrive(stepped, schedule.length, { leftAt: walk.leftAt ?? walk.position, remark })
    })
  }

  /** Goes back to the schedule that was opened, to where it was left. */
  back(): void {
    const leftAt = this.#walk?.leftAt
    if (this.#opened === undefined) this.begin()
    else this.open(this.#opened.token, this.#opened.failure, leftAt)
  }

  /** Asks what can still come of the state at the position. */
  lookOut(): void {
    const walk = this.#walk
    if (walk === undefined) return
    this.#become({ ...walk, remark: 'Looking ahead …' })
    this.#inTurn(async () => {
      const schedule = walk.recording.steps.slice(0, walk.position).map(({ actor }) => actor)
      const from = { ...this.#start, mostSchedules: MOST_WAYS }
      const outlook = await this.#engine.outlook(this.#scenario, schedule, from)
      if (this.#walk?.position === walk.position) this.#become({ ...this.#walk, outlook, remark: undefined })
    })
  }

  close(): void {
    this.#isClosed = true
  }

  /** Returns where the walk is then; undefined if it is there already. */
  #moveTo(position: number): number | undefined {
    const walk = this.#walk
    if (walk === undefined) return undefined
    const at = Math.max(0, Math.min(position, walk.recording.steps.length))
    if (at === walk.position) return undefined
    this.#become({ ...walk, position: at, next: undefined, outlook: undefined, remark: undefined })
    return at
  }

  #step(schedule: readonly number[]): Promise<Stepped> {
    return this.#engine.step(this.#scenario, schedule, this.#start)
  }

  async #arrive(stepped: Stepped, position: number, more: Partial<Walk>): Promise<void> {
    const { recording, end, preemptions, token } = stepped
    const atEnd = position === recording.steps.length
    this.#become({ recording, end, preemptions, token, position, next: atEnd ? stepped.next : undefined, ...more })
    if (!atEnd) await this.#lookAhead(position)
  }

  async #lookAhead(position: number): Promise<void> {
    const walk = this.#walk
    // The reader may have gone on meanwhile, faster than the engine answers.
    if (walk === undefined || walk.position !== position) return
    const { next } = await this.#step(walk.recording.steps.slice(0, position).map(({ actor }) => actor))
    if (this.#walk?.position === position) this.#become({ ...this.#walk, next })
  }

  #become(walk: Walk): void {
    this.#walk = walk
    if (!this.#isClosed) this.#show(walk)
  }

  #inTurn(work: () => Promise<void>): void {
    this.#line = this.#line.then(work).catch((error: unknown) => {
      if (!this.#isClosed) this.#fail(error)
    })
  }
}
