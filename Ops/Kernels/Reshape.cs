using Ops.Specs.Symbolic;

namespace Ops;

public static partial class Reshape
{
    /// <summary>
    /// The dim that is asked for, or the one data has when that is 0. What is known by name only counts as asked for, as in ONNX's own
    /// inference, though it may turn out to be 0.
    /// </summary>
    private static partial Dim Want(Dim shape, Dim d) => shape.IsKnown && shape.Value == 0 ? d : shape;
}
