/** Takes a search to where a part of it begins. */
import { NO_ACTOR } from '../../model/no-actor.ts'
import type { Engine } from '../../run/engine.ts'
import type { Divisible, Part } from '../../strategies/part.ts'

/**
 * Takes the path of a part from the first step on, and tells the strategy of its nodes. Other actors may be held in loops there than
 * when the part was made, because a loop can be noticed a round earlier or later. Both are right, so the part's nodes stay as they
 * are, and an actor that is to be tried at one of them goes on even if it is held now.
 */
export function rebuild(engine: Engine, strategy: Divisible, { path, nodes, base }: Part): void {
  engine.insist(() => true)
  for (const [depth, node] of nodes.entries()) {
    engine.run(() => {
      strategy.enter(node.enabled, node, depth < base)
      return NO_ACTOR
    })
    const onPath = path[depth]
    for (let left = onPath === undefined ? node.tried : node.tried & ~(1 << onPath); left !== 0; left &= left - 1) {
      const actor = 31 - Math.clz32(left & -left)
      const goesOn = takeStep(engine, depth, actor) || (node.goesOn & (1 << actor)) !== 0
      strategy.sleeps(engine.world.units[depth]!, goesOn)
      engine.undoToUnit(depth)
    }
    if (onPath === undefined) continue
    takeStep(engine, depth, onPath)
    // Whether a step is a preemption depends on who could go on.
    engine.world.units[depth]!.enabled = node.enabled
  }
  engine.insist(() => strategy.knows(engine.world.units.length))
}

/** Takes one step, and returns whether its actor can go on. */
function takeStep(engine: Engine, depth: number, actor: number): boolean {
  let goesOn = false
  engine.run((enabled) => {
    if (engine.world.units.length === depth) return actor
    goesOn = (enabled & (1 << actor)) !== 0
    return NO_ACTOR
  })
  return goesOn
}
