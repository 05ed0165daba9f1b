using System.Net;
using System.Net.Sockets;

namespace Streaming.Faults.Servers;

/// <summary>Finds ports that nobody listens on.</summary>
internal static class FreePorts
{
    private const int From = 21_000, To = 31_000, Before = 2, After = 4, Tries = 200;

    /// <summary>A port such that those of a broker's further listeners around it are free too.</summary>
    public static int ForKafka()
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var port = Random.Shared.Next(From, To);
            if (Enumerable.Range(port - Before, Before + After).All(IsFree)) return port;
        }

        throw new InvalidOperationException($"no free ports between {From} and {To}");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false; // somebody's
        }
    }
}
