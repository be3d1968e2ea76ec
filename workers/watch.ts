/** The entry of the thread that watches the explorer's process. */
import { workerData } from 'node:worker_threads'
import { watch } from '../src/lab/cli/explorer/watch.ts'
import type { WatchTask } from '../src/lab/cli/explorer/watch.ts'

watch(workerData as WatchTask)
