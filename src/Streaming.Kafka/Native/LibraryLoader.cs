using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streaming.Kafka.Native;

/// <summary>
/// Points our P/Invokes at the librdkafka that Confluent.Kafka has already loaded. Its file differs by distribution (librdkafka, centos8-librdkafka,
/// alpine-librdkafka), so the name alone would not be found, or would load a second copy with its own globals.
/// </summary>
internal static class LibraryLoader
{
    private static readonly string[] Candidates = ["librdkafka", "centos8-librdkafka", "alpine-librdkafka"];
    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>The library, loaded.</summary>
    internal static nint Handle => Loaded.Value;

    /// <summary>Runs before any P/Invoke of this assembly can.</summary>
#pragma warning disable CA2255 // The resolver must be in place before the first P/Invoke, whoever makes it; this is the one hook that guarantees it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Rd.Library ? Loaded.Value : 0;

    private static nint Load()
    {
        Confluent.Kafka.Library.Load(null);
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            var file = Path.GetFileName(module.FileName);
            if (file is not null && file.Contains("librdkafka", StringComparison.Ordinal) && !file.Contains("rdkafkacpp", StringComparison.Ordinal)
                && NativeLibrary.TryLoad(module.FileName, out var handle))
                return handle;
        }

        // macOS lists only the main module: ask the loader by name, in Confluent.Kafka's own order.
        foreach (var name in Candidates)
            if (NativeLibrary.TryLoad(name, typeof(Confluent.Kafka.Library).Assembly, null, out var handle))
                return handle;
        throw new DllNotFoundException("librdkafka was not found in this process; is the package librdkafka.redist part of the deployment?");
    }
}
