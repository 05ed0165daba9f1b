using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>A command whose help ends with an example.</summary>
/// <param name="name">Name.</param>
/// <param name="description">What it does.</param>
/// <param name="example">A whole command line.</param>
internal class ExampledCommand(string name, string description, string example) : Command(name, description)
{
    /// <summary>A whole command line that works.</summary>
    public string Example { get; } = example;
}
