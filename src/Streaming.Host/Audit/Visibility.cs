using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Streaming.Host.Tests")]
