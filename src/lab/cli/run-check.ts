/** The action of `lab check`: checks the files one after another, and prints what was found. */
import { historyFromJsonLines } from '../../check/index.ts'
import type { History } from '../../check/index.ts'
import { checkInThread } from '../checking/check-in-thread.ts'
import { errorDocument } from '../checking/check-task.ts'
import type { CheckedDocument } from '../checking/checked-document.ts'
import { namedModel } from '../checking/named-model.ts'
import { checkedReport } from '../report/checked-report.ts'
import { ExitCode } from '../../terminal/exit-code.ts'
import { print, stdoutColours } from '../../terminal/print.ts'
import { InterruptedError, onStop } from '../../terminal/stop-cause.ts'
import { widthOf } from '../../terminal/wrapped.ts'
import type { CheckFlags } from './flags.ts'
import { htmlFile } from '../html/file.ts'
import { readText, UnreadableError } from './read-text.ts'
import { defaultMemory } from './explorer/memory-limit.ts'

/** Checks the files and prints the results. Rejects if there is no such model, or if the check is stopped; the caller reports it. */
export async function runCheck(files: readonly string[], flags: CheckFlags): Promise<void> {
  const { model, timeout, memory = defaultMemory() } = flags
  // Only checks the name of the model, so that a misspelt one is reported once, and not for each file.
  await namedModel(model)
  const stop = new AbortController()
  const offStop = onStop((cause) => stop.abort(new InterruptedError(cause, '')))
  const documents: CheckedDocument[] = []
  const html = await htmlFile(flags.html)
  const histories: (History | undefined)[] = []
  const report = (): void => {
    show(documents, flags)
    const checks = documents.map((document, index) => ({ document, history: histories[index] }))
    html?.write('Checked histories', ({ checkedHtml }, heading) => checkedHtml(heading, checks))
  }
  try {
    for (const file of files) {
      const keep = (text: string): void => void (histories[documents.length] = html && historyIn(text))
      documents.push(await checkFile(file, { model, timeout, memory }, stop.signal, keep))
    }
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    if (documents.length > 0) report()
    // Only here is the number of checked files known.
    const what = `${documents.length} of ${files.length} ${files.length === 1 ? 'file was' : 'files were'} checked.`
    throw new InterruptedError(error.stopCause, what)
  } finally {
    offStop()
  }
  report()
}

/** Returns the history of a text; undefined if it is none, which the check says. */
function historyIn(text: string): History | undefined {
  try {
    return historyFromJsonLines(text)
  } catch {
    return undefined
  }
}

async function checkFile(
  file: string,
  { model, timeout, memory }: { readonly model: string; readonly timeout: number; readonly memory: number },
  signal: AbortSignal,
  keep: (text: string) => void,
): Promise<CheckedDocument> {
  try {
    const text = await readText(file, signal)
    keep(text)
    return await checkInThread({ file, text, model, timeout }, memory, signal)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    return errorDocument(file, model, error, 0)
  }
}

function show(documents: readonly CheckedDocument[], { json }: CheckFlags): void {
  process.exitCode = exitCodeOf(documents)
  if (json) print(JSON.stringify(documents, null, 2))
  else print(checkedReport(documents, stdoutColours(), widthOf(process.stdout.columns)))
}

function exitCodeOf(documents: readonly CheckedDocument[]): ExitCode {
  const verdicts = new Set(documents.map(({ verdict }) => verdict))
  if (verdicts.has('error')) return ExitCode.MISUSE
  if (verdicts.has('not-linearizable')) return ExitCode.FAILED
  return verdicts.has('unknown') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}
