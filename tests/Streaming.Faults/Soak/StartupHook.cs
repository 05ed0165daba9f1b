using System.Diagnostics.CodeAnalysis;
using Streaming.Faults.Soak;

/// <summary>
/// What <c>DOTNET_STARTUP_HOOKS</c> runs inside an engine's process before its own code: a soak measures the product's build as it is, and the product needs no door for that.
/// The runtime asks for this name without a namespace.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime's contract of startup hooks.")]
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => MemoryProbeServer.Start();
}
