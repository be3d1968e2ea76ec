/** The page's side of the worker that explores a lesson's scenario. */
import type { ExploreReply, ExploreRequest } from './messages.ts'

/** Explores a variant in a worker of its own. `hear` is called with each reply. Returns a function that ends the worker at once. */
export function exploreLesson(request: ExploreRequest, hear: (reply: ExploreReply) => void): () => void {
  const worker = new Worker(new URL('explore-worker.ts', import.meta.url), { type: 'module', name: '1' })
  const stop = (): void => worker.terminate()
  const hearAndEnd = (reply: ExploreReply): void => {
    if (reply.kind !== 'progress') stop()
    hear(reply)
  }
  worker.addEventListener('message', ({ data }: MessageEvent<ExploreReply>) => hearAndEnd(data))
  worker.addEventListener('error', ({ message }) => hearAndEnd({ kind: 'failed', message }))
  worker.postMessage(request)
  return stop
}
