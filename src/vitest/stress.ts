/** The matcher that runs a scenario on real threads. */
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Refusal } from '../explore/model/refusal.ts'
import { importModule } from '../explore/import-module.ts'
import { exportedScenario } from '../explore/scenario-export.ts'
import { didYouMean } from '../nearest.ts'
import { sampleSubject } from '../sampling/sample-subject.ts'
import { stressDocument } from '../sampling/stress-document.ts'
import { stressReport } from '../sampling/stress-report.ts'
import { sample } from '../stress/samples/sampler.ts'
import { workerFile } from '../stress/worker-file.ts'
import { colours } from '../terminal/colours.ts'
import { undecided } from './matching.ts'
import type { MatcherState, MatchResult } from './matching.ts'

/** How to sample a scenario on real threads. */
export interface UnderStressOptions {
  /** The name of the export. Default: `default`. */
  readonly scenario?: string
  /** Sampling ends after this many samples. Default: no limit. */
  readonly samples?: number
  /** Sampling ends after this time in seconds, without the start of the threads. Default: 2, or none with `samples`. */
  readonly time?: number
  /** An actor that does not end within this time, in seconds, is stuck. Default: 2. */
  readonly stuckAfter?: number
}

const OPTIONS: readonly (keyof UnderStressOptions)[] = ['scenario', 'samples', 'time', 'stuckAfter']
const COLUMNS = 100

/** Samples the scenario that a file exports: functions cannot be sent to a thread, so each thread loads the file. */
export async function holdsUnderStress(
  state: MatcherState,
  file: URL | string,
  options: UnderStressOptions = {},
): Promise<MatchResult> {
  refuseUnknown(options)
  const { scenario: name = 'default', samples, time = samples === undefined ? 2 : Infinity, stuckAfter = 2 } = options
  const url = urlOf(file)
  const scenario = exportedScenario(await importModule(url), name)
  if (scenario === undefined) throw new Refusal(`${pathOf(url)} has no scenario as its export "${name}".`)
  const result = await sample(sampleSubject(scenario), {
    file: await workerFile('sample'),
    source: { kind: 'file', url, name },
    timeMs: 1000 * time,
    samples: samples ?? Infinity,
    stuckMs: 1000 * stuckAfter,
    watchOutside: false,
    onProgress: () => undefined,
  })
  const variant = name === 'default' ? undefined : name
  const document = stressDocument({ result, variant, sound: undefined, exploration: undefined, compares: false })
  const exploreCommand = `npx racelab explore ${pathOf(url)}${variant === undefined ? '' : ` --variant ${variant}`}`
  const layout = { colours: colours(false), columns: COLUMNS, exploreCommand, exploration: undefined }
  const report = (): string => stressReport(document, undefined, layout)
  if (result.verdict === 'inconclusive') return undecided(state, 'no sample was made', report)
  return { pass: result.verdict === 'pass', message: report }
}

function refuseUnknown(options: UnderStressOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.some((each) => each === name))
  if (unknown !== undefined) throw new Refusal(`There is no option "${unknown}": ${didYouMean(unknown, OPTIONS)}`)
}

function urlOf(file: URL | string): string {
  if (file instanceof URL) return file.href
  if (typeof file !== 'string')
    throw new Refusal(
      'toHoldUnderStress takes the file of a scenario, for example new URL("./queue.ts", import.meta.url).',
    )
  return file.startsWith('file:') ? file : pathToFileURL(file).href
}

function pathOf(url: string): string {
  return relative('', fileURLToPath(url))
}
