/** The entry of a check's thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { checkTask } from '../src/lab/checking/check-task.ts'
import type { CheckTask } from '../src/lab/checking/check-task.ts'

parentPort!.postMessage(await checkTask(workerData as CheckTask))
