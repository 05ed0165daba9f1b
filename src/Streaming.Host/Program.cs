using Streaming.Host.Cli;

using var signals = new ShutdownSignals();
return await StreamingCommandLine.InvokeAsync(args, Console.Out, Console.Error, signals.Token);
