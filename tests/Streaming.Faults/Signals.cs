using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Streaming.Faults;

/// <summary>Signals to processes that this program started.</summary>
internal static partial class Signals
{
    private const int Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Ends a process as a crash does.</summary>
    public static void SendKill(int process) => Send(process, Kill);

    /// <summary>Asks a process to end.</summary>
    public static void SendTerminate(int process) => Send(process, Terminate);

    /// <summary>Freezes a process.</summary>
    public static void SendStop(int process) => Send(process, Stop);

    /// <summary>Lets a frozen process go on.</summary>
    public static void SendContinue(int process) => Send(process, Continue);

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to process {process}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
