using System.ComponentModel;
using System.Diagnostics;

namespace Streaming.Host.Demo;

/// <summary>Opens the page in the browser where there is one.</summary>
internal static class BrowserLauncher
{
    /// <summary>Opens an address.</summary>
    /// <returns>False where no browser could be started; the address is shown anyway.</returns>
    public static bool TryOpen(Uri address)
    {
        var hasScreen = !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!hasScreen) return false;
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
