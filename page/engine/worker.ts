/** The worker that explores: it loads the text of the editor, and answers one request after the other. */
import '../node/globals.ts'
import { reply } from './reply.ts'
import './without-network.ts'
import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/explore.ts'
import { outlookOf, stepThrough } from '../../src/explore/replay/stepping.ts'
import { lateWork } from '../../src/explore/run/late-turns.ts'
import { exportedScenario, scenarioExports } from '../../src/explore/scenario-export.ts'
import type { Answers, Request } from './messages.ts'
import { CodeError, lineOf, moduleOf } from './user-code.ts'

let loaded: object = {}

addEventListener('message', ({ data }: MessageEvent<Request>) => void answer(data))
reply({ kind: 'ready' })

async function answer(request: Request): Promise<void> {
  try {
    const answer = answerTo(request)
    if (request.do === 'explore') await refuseLateWork()
    reply({ kind: 'answer', answer })
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    const line = Reflect.get(Object(thrown), 'line') ?? lineOf(thrown)
    reply({ kind: 'trouble', trouble: { message, line: line as number | undefined } })
  }
}

/** What an async function does after its first `await` happens only now: no schedule has it, so that the result is worth nothing. */
async function refuseLateWork(): Promise<void> {
  const late = await lateWork()
  if (late !== undefined) throw new Error(late)
}

function answerTo(request: Request): Answers[keyof Answers] {
  if (request.do === 'load') return load(request.code)
  const scenario = exportedScenario(loaded, request.scenario)!
  if (request.do === 'step') return stepThrough(scenario, request.schedule, request.start)
  if (request.do === 'outlook') return outlookOf(scenario, request.schedule, request.start)
  return explore(scenario, {
    ...request.choices,
    onProgress: ({ exploration }) => {
      reply({ kind: 'progress', exploration })
      return undefined
    },
  })
}

/** The text runs with the globals replaced, so that views that it makes at once are seen. */
function load(code: string): readonly string[] {
  loaded = withGlobalsReplaced(() => moduleOf(code))
  const names = scenarioExports(loaded)
  if (names.length > 0) return names
  throw new CodeError('The code exports no scenario: export default { name, memory, actors, observe }.', undefined)
}
