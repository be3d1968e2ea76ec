/**
 * What is known of a loop from its source alone. Many loops carry nothing whatever their variables hold: for these it is
 * enough to go through a round once for each set of answers, and the thread need not be looked into again.
 */
import type { Step } from '../../model/actor.ts'
import type { AnyNode } from 'acorn'
import type { Frame, Inspection, Variables } from './inspection.ts'
import { LANGUAGE } from './language.ts'
import { Round } from './round.ts'
import type { Source } from './source.ts'
import { Unknown } from './values.ts'

interface Site {
  readonly inspection: Inspection
  readonly frames: readonly Frame[]
  readonly accesses: readonly AnyNode[]
}

export class Sites {
  readonly #sites = new Map<string, Site>()
  readonly #known = new Map<string, boolean>()

  /** Remembers a round that begins at a stack, carries nothing, and comes to these accesses. */
  learn(stack: string, inspection: Inspection, frames: readonly Frame[], accesses: readonly AnyNode[]): void {
    if (this.#sites.has(stack)) return
    const bare = frames.map(({ source, offset }) => ({ source, offset, variables: () => untold(source) }))
    this.#sites.set(stack, { inspection, frames: bare, accesses })
  }

  /** Whether a round with these answers, that begins at this stack, is known to carry nothing. */
  carriesNothing(stack: string, answers: readonly Step[] | undefined): boolean {
    const site = this.#sites.get(stack)
    if (site === undefined || answers === undefined) return false
    const key = `${stack} ${answers.map(({ access: { kind }, result }) => `${kind} ${typeof result} ${String(result)}`).join()}`
    let known = this.#known.get(key)
    if (known === undefined) {
      this.#known.set(key, (known = isAsKnown(site, answers)))
    }
    return known
  }
}

/** Without the variables it cannot be told whether a view is one of shared memory: where it was before, it is again. */
function isAsKnown({ inspection, frames, accesses }: Site, answers: readonly Step[]): boolean {
  const round = new Round(inspection, frames, answers, LANGUAGE)
  if (round.obstacle() !== undefined || round.accesses.length !== accesses.length) return false
  return round.accesses.every((node, index) => node === accesses[index])
}

/** Whatever the source declares may hold anything. */
function untold(source: Source): Variables {
  const around = Object.fromEntries(source.declared.map((name) => [name, new Unknown()]))
  return { own: [], outer: [around], self: new Unknown() }
}
