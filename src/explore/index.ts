/**
 * `racelab/explore`: runs unmodified code over `SharedArrayBuffer` in every interleaving that can matter, on one
 * thread, and replays a schedule by its token.
 */
export { RacelabError } from '../errors.ts'
export type { Contract, ContractClient, Waits } from '../contract.ts'
export { BrokenContractError } from './contracts/covering.ts'
export type { ProofStore } from './contracts/covering.ts'
export { scenario } from '../scenario.ts'
export type { CrashedActor, Criterion, Grade, OperationsScenario, Scenario, Word } from '../scenario.ts'
export { DoesNotHoldError, assertHoldsInEverySchedule } from './assert.ts'
export { explore } from './explore.ts'
export type { ExploreOptions, Progress } from './search/options.ts'
export type { CutLoop } from './run/spins/spins.ts'
export type { RecordedStep, Recording, StuckActor } from './replay/recording.ts'
export { Nondeterminism, Refusal } from './model/refusal.ts'
export { replay } from './replay/replay.ts'
export type { Divergence } from './replay/divergence.ts'
export type { Replay } from './replay/replay.ts'
export type { Exploration, ExplorationVerdict, Failure, OutcomeCount } from './search/result.ts'
export type { FailureKind } from './subject/failure-kind.ts'
export type { StrategyName } from './strategies/strategy.ts'
export { TokenError } from './replay/token.ts'
