using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/Streaming.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
