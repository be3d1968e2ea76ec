/** Makes a strategy by its name. */
import type { World } from '../model/world.ts'
import { DepthFirst } from './dfs.ts'
import { SourceDpor } from './dpor.ts'
import { Pct } from './pct.ts'
import { PartialOrderSampling } from './pos.ts'
import { RandomWalk } from './random.ts'
import type { Strategy, StrategyName, StrategyOptions } from './strategy.ts'

type Make = (world: World, options: StrategyOptions) => Strategy

/** Every strategy has its entry: the compiler asks for one. */
const MAKERS: { readonly [Name in StrategyName]: Make } = {
  dpor: (world) => new SourceDpor(world),
  dfs: (world, { preemptions }) => new DepthFirst(world, preemptions),
  random: (_, { seed }) => new RandomWalk(seed),
  pct: (world, { seed }) => new Pct(world, seed),
  pos: (world, { seed }) => new PartialOrderSampling(world, seed),
}

/** Returns a new strategy for the actors of `world`. */
export function makeStrategy(world: World, options: StrategyOptions): Strategy {
  return MAKERS[options.strategy](world, options)
}
