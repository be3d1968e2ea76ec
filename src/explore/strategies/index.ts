/** Makes a strategy by its name. */
import type { World } from '../model/world.ts'
import { DepthFirst } from './dfs.ts'
import { SourceDpor } from './dpor.ts'
import { Pct } from './pct.ts'
import { PartialOrderSampling } from './pos.ts'
import { RandomWalk } from './random.ts'
import type { Strategy, StrategyOptions } from './strategy.ts'

/** Returns a new strategy for the actors of `world`. */
export function makeStrategy(world: World, { strategy, preemptions, seed }: StrategyOptions): Strategy {
  switch (strategy) {
    case 'dpor':
      return new SourceDpor(world)
    case 'dfs':
      return new DepthFirst(world, preemptions)
    case 'random':
      return new RandomWalk(seed)
    case 'pct':
      return new Pct(world, seed)
    default:
      return new PartialOrderSampling(world, seed)
  }
}
