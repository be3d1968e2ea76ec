/** Measures one exploration in a browser: it is sent its name, and posts its speed. */
import '../../page/node/globals.ts'
import { schedulesPerSecond } from './explorations.ts'

addEventListener('message', ({ data }: MessageEvent<string>) => postMessage(schedulesPerSecond(data)))
postMessage('ready')
