using Streaming.Host.Cli;

#if CRASH_POINTS
Streaming.Host.Faults.CrashSchedule.Install();
#endif
using var signals = new ShutdownSignals();
return await StreamingCommandLine.InvokeAsync(args, Console.Out, Console.Error, signals.Token);
