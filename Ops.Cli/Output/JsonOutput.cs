using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ops.Cli.Output;

/// <summary>Prints JSON.</summary>
internal static class JsonOutput
{
    /// <summary>Prints one value, indented, and ends the line.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(writer);
        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }
}
