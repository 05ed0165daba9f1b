using Streaming.Simulation;
using Streaming.Simulation.Command;

// Seeds where the command line asks for them; else the tests, which is what a test runner starts this for.
return SimulationOptions.IsAskedFor(args) ? SimulationCommand.Run(args) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
