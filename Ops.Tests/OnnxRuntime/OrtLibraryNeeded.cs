using Ops.OnnxRuntime;

namespace Ops.Tests.OnnxRuntime;

/// <summary>For tests that cannot say anything without the library of ONNX Runtime.</summary>
internal static class OrtLibraryNeeded
{
    /// <summary>Ends the test as inconclusive when there is no library.</summary>
    public static void Require()
    {
        if (OrtLibrary.Unavailable is { } reason)
            Assert.Inconclusive($"ONNX Runtime: {reason}");
    }
}
