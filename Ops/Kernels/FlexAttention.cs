using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Modifiers;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Preview
{
    public static unsafe partial class FlexAttention
    {
        /// <summary>Attention whose scores a struct modifies, which the JIT compiles into the kernel.</summary>
        /// <typeparam name="T1">float or double.</typeparam>
        /// <typeparam name="M">The modifier.</typeparam>
        /// <param name="Q">Queries, T1[B, Hq, L, E].</param>
        /// <param name="K">Keys, T1[B, Hkv, S, E].</param>
        /// <param name="V">Values, T1[B, Hkv, S, Ev].</param>
        /// <param name="Y">Receives the result, T1[B, Hq, L, Ev].</param>
        /// <param name="modifier">The modifier.</param>
        /// <param name="scale">Factor of the scores; 1 / sqrt(E) when not given.</param>
        /// <exception cref="OpException">The operands break a rule of the op, or T1 is neither float nor double.</exception>
        public static void RunInto<T1, M>(in ReadOnlyTensorSpan<T1> Q, in ReadOnlyTensorSpan<T1> K, in ReadOnlyTensorSpan<T1> V,
            in TensorSpan<T1> Y, in M modifier, float? scale = null)
            where T1 : unmanaged
            where M : struct, IScoreFunctor
        {
            if (typeof(T1) != typeof(float) && typeof(T1) != typeof(double))
                throw new OpException("FlexAttention", "T1", $"a struct modifies scores of float or double, not of {typeof(T1).Name}");
            ReadOnlyTensorSpan<T1> queries = TypedTensors.Dense(Q), keys = TypedTensors.Dense(K), values = TypedTensors.Dense(V);
            fixed (T1* q = queries)
            fixed (T1* k = keys)
            fixed (T1* v = values)
            fixed (T1* y = Y)
            {
                var inference = new ShapeInference("FlexAttention", outputs: 1, concrete: true);
                Bind1(inference, Schema1, TypedTensors.TypeOf(queries, q) ?? throw Schema1.MissingInput(0),
                    TypedTensors.TypeOf(keys, k) ?? throw Schema1.MissingInput(1),
                    TypedTensors.TypeOf(values, v) ?? throw Schema1.MissingInput(2), scale, null, null, null, out Args args);
                TypedTensors.RequireFits("FlexAttention", "Y", Y, inference.Outputs[0]);
                ReadOnlySpan<Operand> inputs = [TypedTensors.Operand(queries, q), TypedTensors.Operand(keys, k),
                    TypedTensors.Operand(values, v)];
                Operand output = TypedTensors.Operand(Y, y);
                TypedTensors.RequireApart(Schema1, inputs, [output]);
                ModifiedAttention.Run<T1, M>(new ModifierCall(args.B, args.Hq, args.L, args.S, args.T1, args.P), modifier, args.scale,
                    inputs[0], inputs[1], inputs[2], output);
            }
        }

        private static partial void Compute<T, C>(in Args args, in Operand Q, in Operand K, in Operand V, in Operand Y)
            where T : unmanaged
            where C : unmanaged =>
            ModifiedAttention.Run<T, C>("FlexAttention", new ModifierCall(args.B, args.Hq, args.L, args.S, args.T1, args.P),
                args.score_mod?.Graph, args.prob_mod?.Graph, [], args.scale, BlindRows.None, Q, K, V, Y);
    }
}

namespace Ops.Experimental
{
    public static partial class FlexAttention
    {
        private static partial void Compute<T, C>(in Args args, in Operand Q, in Operand K, in Operand V, ReadOnlySpan<Operand> captures,
            in Operand Y)
            where T : unmanaged
            where C : unmanaged =>
            ModifiedAttention.Run<T, C>("FlexAttention", new ModifierCall(args.B, args.Hq, args.L, args.S, args.T1, args.P),
                args.score_mod?.Graph, args.prob_mod?.Graph, captures, args.scale,
                args.masked_row_zero ? BlindRows.OfScores : BlindRows.None, Q, K, V, Y);
    }
}
