using System.Text;

namespace Streaming.Snapshots.Sqlite;

/// <summary>
/// The file that ties a store's folder to one host. SQLite's log needs memory shared between the processes that use a file; two hosts over one
/// network share would damage it without an error.
/// </summary>
internal static class HostMarker
{
    public const string FileName = "host";

    /// <summary>Claims the folder for this host, or finds it claimed by it already.</summary>
    /// <exception cref="StoreOfAnotherHostException">Another host's folder.</exception>
    public static void Claim(string folder, string hostId)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) Create(path, hostId);
        var owner = File.ReadAllText(path, Encoding.UTF8).Trim();
        if (!string.Equals(owner, hostId, StringComparison.Ordinal)) throw new StoreOfAnotherHostException(folder, owner, hostId);
    }

    /// <summary>Machine id (Linux) and host name, as far as the system tells them.</summary>
    public static string ThisHost()
    {
        const string machineId = "/etc/machine-id";
        var id = File.Exists(machineId) ? File.ReadAllText(machineId).Trim() : "";
        return id.Length == 0 ? Environment.MachineName : $"{Environment.MachineName}/{id}";
    }

    // Written aside and moved without overwriting: of two processes that start at once one wins, and nobody reads half a name.
    private static void Create(string path, string hostId)
    {
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(hostId));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; the caller compares what it wrote.
            File.Delete(temporary);
        }
    }
}
