/** The test files of the core that run in a browser too, and those of this folder, which run only there. */
export const FILES: Readonly<Record<string, () => Promise<unknown>>> = import.meta.glob([
  './*.browser.ts',
  '../../check/*.test.ts',
  '../../memory/*.test.ts',
  '../../explore/{bounded,counts,crashes,declared-races,dpor,estimate,failures,fresh-memory,module-state}.test.ts',
  '../../explore/{late,no-return,parts,positions,primitives,progress,refusals,regions,robust,session-counts}.test.ts',
  '../../explore/{session-crashes,session-full,shape,silence,snapshot,stepping,token,uses,verdicts,views}.test.ts',
  '../../explore/clients/{clients,clients-ahead,primitives,ringbuf,rounds,serve,shape,sizes,sleepers}.test.ts',
  '../../explore/contracts/{bounded,built-in,same-findings,walks,where-values-hide}.test.ts',
  '../../explore/globals/{atomics,structured-clone,subclasses,web-assembly}.test.ts',
  '../../explore/report/{advice,failures-told,interleaving-table,outcome-table,shorter,standing}.test.ts',
  '../../store/{change-metadata,copies,errors,expiry,fast-path,full,layout,linearizable,model,near-cache}.test.ts',
  '../../store/{pinned,reads,recovery,recovery-full,recovery-rooms,refresh,rival,text,verify}.test.ts',
  '../../sync/{agent,barrier,condition,deadline,errors,interpose,mutex,robust-kills,robust-mutex}.test.ts',
  '../../sync/{robust-rw-lock,rw-lock,semaphore,start-gate,words}.test.ts',
])
