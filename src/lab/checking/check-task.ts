/** What the thread of a check does: it loads the model, reads the history and checks it. */
import { checkLinearizable, HistoryError, historyFromJsonLines } from '../../check/index.ts'
import { RacelabError } from '../../errors.ts'
import { namedModel } from './named-model.ts'
import type { CheckedDocument } from './checked-document.ts'

/** What the thread is started with. */
export interface CheckTask {
  readonly file: string
  readonly text: string
  /** The name of a model, or its file. */
  readonly model: string
  /** In seconds. */
  readonly timeout: number
}

/** Returns the result of the task. An error of the history or of the model is a result too. */
export async function checkTask({ file, text, model: name, timeout }: CheckTask): Promise<CheckedDocument> {
  const began = performance.now()
  try {
    const model = await namedModel(name)
    // An empty history is linearizable, but an empty file is more likely a recording that failed.
    if (text.trim() === '') throw new HistoryError('It is empty: a history has an event on each line.')
    const check = checkLinearizable(historyFromJsonLines(text), model, { timeout })
    const { verdict, operations, partitions, stopped, failure, elapsedMs } = check
    return {
      schema: 1,
      file,
      model: name,
      verdict,
      operations,
      partitions,
      ...(stopped === undefined ? {} : { stopped }),
      ...(failure === undefined ? {} : { failure }),
      elapsedMs,
    }
  } catch (error) {
    const code = error instanceof RacelabError ? error.code : 'ERR_RACELAB_MODEL'
    const message = error instanceof RacelabError ? error.message : `The model threw ${String(error)}.`
    return errorDocument(file, name, { code, message }, performance.now() - began)
  }
}

/** Returns the document of a file that could not be checked. */
export function errorDocument(
  file: string,
  model: string,
  { code, message }: { readonly code: string; readonly message: string },
  elapsedMs: number,
): CheckedDocument {
  const error = { code, message }
  return { schema: 1, file, model, verdict: 'error', operations: 0, partitions: 0, error, elapsedMs }
}
