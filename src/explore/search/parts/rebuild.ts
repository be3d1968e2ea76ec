/** Takes a search to where a part of it begins. */
import { NO_ACTOR } from '../../model/no-actor.ts'
import type { Engine } from '../../run/engine.ts'
import type { Divisible, Part } from '../../strategies/part.ts'

/**
 * Takes the path of a part from the first step on, and tells the strategy of its nodes. Returns false if other actors can take a step
 * at a node than when the part was made: a loop was then assessed otherwise.
 */
export function rebuild(engine: Engine, strategy: Divisible, { path, nodes, base }: Part): boolean {
  for (const [depth, node] of nodes.entries()) {
    let able = 0
    engine.run((enabled) => {
      able = enabled
      strategy.enter(enabled, node, depth < base)
      return NO_ACTOR
    })
    if (able !== node.enabled) return false
    const onPath = path[depth]
    for (let left = onPath === undefined ? node.tried : node.tried & ~(1 << onPath); left !== 0; left &= left - 1) {
      const goesOn = takeStep(engine, depth, 31 - Math.clz32(left & -left))
      strategy.sleeps(engine.world.units[depth]!, goesOn)
      engine.undoToUnit(depth)
    }
    if (onPath !== undefined) takeStep(engine, depth, onPath)
  }
  return true
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
