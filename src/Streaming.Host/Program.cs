using Streaming.Host.Cli;
using Streaming.Host.Engine;

#if CRASH_POINTS
Streaming.Host.Faults.CrashSchedule.Install();
#endif
NativeHeap.BoundArenas();
using var signals = new ShutdownSignals();
return await StreamingCommandLine.InvokeAsync(args, Console.Out, Console.Error, signals.Token);
