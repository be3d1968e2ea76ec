/** A hint: what can still come of a state, found by exploring all ways to go on from it. */
import type { Engine } from '../engine/engine.ts'
import type { NextStep, Outlook } from '../../src/explore/replay/stepping.ts'

export interface Hint {
  /** Whether it can still fail and still hold (`open`), or only one of the two. */
  readonly outlook: 'open' | 'holds' | 'fails' | 'unknown'
  /** The actors whose next step keeps a failure within reach; undefined if that was not asked for. */
  readonly keeping: readonly number[] | undefined
}

/** Returns what can come of the state after a schedule. */
export async function hintFor(engine: Engine, schedule: readonly number[]): Promise<Hint> {
  return { outlook: wordFor(await engine.outlook('default', schedule)), keeping: undefined }
}

/** Returns the hint with the actors that keep a failure within reach. */
export async function fullerHint(
  hint: Hint,
  engine: Engine,
  schedule: readonly number[],
  next: readonly (NextStep | null)[],
): Promise<Hint> {
  const keeping: number[] = []
  for (const [actor, step] of next.entries()) {
    if (step?.isEnabled !== true) continue
    const { failing } = await engine.outlook('default', [...schedule, actor])
    if (failing > 0) keeping.push(actor)
  }
  return { ...hint, keeping }
}

/** Returns the step of a failed schedule from which on every continuation fails, counted from 1; undefined if there are too many to say. */
export async function noReturnOf(engine: Engine, schedule: readonly number[]): Promise<number | undefined> {
  for (let taken = schedule.length - 1; taken >= 0; taken--) {
    const { holding, complete } = await engine.outlook('default', schedule.slice(0, taken))
    if (holding > 0) return taken + 1
    if (!complete) return undefined
  }
  return undefined
}

function wordFor({ holding, failing, complete }: Outlook): Hint['outlook'] {
  if (holding > 0 && failing > 0) return 'open'
  if (!complete) return 'unknown'
  return failing > 0 ? 'fails' : 'holds'
}
