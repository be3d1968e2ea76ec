/**
 * The explorer: runs unmodified code over SharedArrayBuffer in every interleaving that can matter, on one thread.
 *
 * What lives here: the engine, the strategies, data races, minimising, tokens and their replay. What may not: bugs and
 * commands; nothing here knows what is explored, or who reads the result.
 */
export { explore } from './explore.ts'
export type { ExploreOptions } from './search/options.ts'
export type { RecordedStep, Recording, StuckActor } from './replay/recording.ts'
export { Nondeterminism, Refusal } from './model/refusal.ts'
export { replay } from './replay/replay.ts'
export type { Divergence, Replay } from './replay/replay.ts'
export type { Exploration, Failure, FailureKind, OutcomeCount, Verdict } from './search/result.ts'
export type { StrategyName } from './strategies/strategy.ts'
export { TokenError } from './replay/token.ts'
