using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Streaming.Faults.Soak;

/// <summary>Inside the measured process: each connection to a socket gets one reading, taken after collections that give all free memory back.</summary>
internal static class MemoryProbeServer
{
    /// <summary>Environment variable with the socket's path.</summary>
    public const string Variable = "STREAMING_MEMORY_PROBE";

    private const int Collections = 2;

    /// <summary>Serves on a thread of its own for the life of the process.</summary>
    public static void Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path) return;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener)) { IsBackground = true, Name = "memory-probe" }.Start();
    }

    private static void Serve(Socket listener)
    {
        while (true)
        {
            using var client = listener.Accept();
            client.Send(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Read())));
        }
    }

    private static MemoryReading Read()
    {
        for (var collection = 0; collection < Collections; collection++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers(); // what they let go of is free for the next collection
        }

        var live = GC.GetTotalMemory(forceFullCollection: false);
        var committed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return new MemoryReading(live, committed, pages * Environment.SystemPageSize, Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length);
    }
}
